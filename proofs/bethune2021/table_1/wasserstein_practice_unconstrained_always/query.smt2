; obligation: minimal: affine models of two examples move
(set-logic QF_NRA)
(declare-const |x| Real)
(declare-const |z| Real)
(assert (> (+ (* (- 2) |x| |z|) (* |x| |x|) (* |z| |z|)) 0))
(assert (>= (+ (* 2 |x| |z|) (* (- 1) |x| |x|) (* (- 1) |z| |z|)) 0))
(check-sat)
