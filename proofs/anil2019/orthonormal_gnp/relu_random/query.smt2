; obligation: one more unit
(set-logic QF_LRA)
(declare-const |q| Real)
(declare-const |share| Real)
(assert (= (+ (* (- 1) |q|) (* 2 |share|)) 0))
(assert (or (> (+ |q| (* (- 2) |share|)) 0) (> (+ (* (- 1) |q|) (* 2 |share|)) 0)))
(check-sat)
