"""One network, many readings: the same data as rationals, balls, symbols, SMT terms and tensors.

`rational`   exact values, activation patterns and Jacobians              standard library only
`ball`       rigorous enclosures, smooth activations included             python-flint
`symbolic`   exact expressions in Max, Min and Abs                        sympy
`smt`        terms that the solvers and the replay checker read           standard library only
`tensor`     float64 or float32, cpu or cuda, whole populations at once   torch
`population` thousands of small networks, chunk by chunk in the cache     torch
`fused`      the same on cuda, all layers in one kernel                   torch, triton

Import the one that is needed: this package imports none of them. `tensor` imports torch, which takes seconds.
"""
