"""Sentences as small equations over cells and over each other: parse, check, bind last year's, write this year's.

`references` is the grammar of `[[…]]`, `cell_names` finds the cell that a name means, `equations` works out what a reference says,
`writing` prints a text; `statements` and `percentages` read what typed sentences say (the rules read through them, too), `binding` turns
last year's text into this year's. `live_documents.composed_words` is the door for whoever prints a disclosure.
"""
