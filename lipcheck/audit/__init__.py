"""The audit: how steep is a network, in which norm, and is what it claims true?"""
