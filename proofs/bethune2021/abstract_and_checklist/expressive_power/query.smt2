; obligation: minimal: slopes up to 1 are no counterexample
(set-logic QF_NRA)
(declare-const |size| Real)
(declare-const |slope| Real)
(assert (>= (+ 1 (* (- 1) |slope|)) 0))
(assert (= (+ |size| (* (- 1) |slope| |slope|)) 0))
(assert (>= (+ 1 |slope|) 0))
(assert (> (+ (- 1) |size|) 0))
(check-sat)
