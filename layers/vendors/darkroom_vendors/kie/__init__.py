"""kie.ai: a market of models behind one task API, and Suno-style music beside it.

``models`` lists the models and makes their inputs, ``protocol`` speaks to the task API, ``errors`` interprets its
codes, and ``callbacks`` verifies its callbacks.
"""
