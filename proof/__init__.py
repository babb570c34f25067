"""The proof: each promise about crashes, crowds, hostile input and load, with a figure asked and a figure reached.

`make prove` runs all of it at full size and writes docs/proof.md; `make test` runs a quick part. Every checker is
shown to catch a planted fault: a proof that cannot fail proves nothing.
"""
