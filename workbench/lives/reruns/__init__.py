"""What would recorded history have been under another machine, or with other events?"""

from workbench.lives.reruns.answer import WhatIf
from workbench.lives.reruns.comparing import Diff, diff
from workbench.lives.reruns.profile_fit import fitness
from workbench.lives.reruns.profiles import Profile, is_profile, profile, read_profile
from workbench.lives.reruns.rerunning import what_if

__all__ = ["Diff", "Profile", "WhatIf", "diff", "fitness", "is_profile", "profile", "read_profile", "what_if"]
