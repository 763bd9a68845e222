"""Words of tables as people write them: captions, the lines above a table, titles of chapters."""
