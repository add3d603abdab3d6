; obligation: minimal: kernels of size one, two positions
(set-logic QF_LRA)
(assert (or (> 0 0) (> 0 0)))
(check-sat)
