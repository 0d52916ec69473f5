"""What does a manager need to see of a log? One HTML page that holds all it needs and opens without network."""

from workbench.report.composing import page, write_page

__all__ = ["page", "write_page"]
