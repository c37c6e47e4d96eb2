// Takes labels from nodes of these element ids that they had not.
UNWIND $rows AS row
MATCH (e) WHERE elementId(e) = row.element
REMOVE e:$(row.names)
