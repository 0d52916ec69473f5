-- What does the machine of each state field declare?
-- type VARCHAR (its name), field VARCHAR, machine VARCHAR, states VARCHAR[], finals VARCHAR[], pairs
-- STRUCT(from_state VARCHAR, to_state VARCHAR, transition VARCHAR)[]
SELECT unnest($machines::STRUCT(type VARCHAR, field VARCHAR, machine VARCHAR, states VARCHAR[],
    finals VARCHAR[], pairs STRUCT(from_state VARCHAR, to_state VARCHAR, transition VARCHAR)[])[], max_depth := 2)
