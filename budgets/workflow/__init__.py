"""The life of a disclosure: started, drafted, stepped from draft to public, its files taken in, its jobs done."""
