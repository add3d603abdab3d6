; obligation: constants cancel
(set-logic QF_LRA)
(declare-const |best| Real)
(declare-const |p| Real)
(declare-const |q| Real)
(assert (= (+ (* (- 1) |best|) |p| (* (- 1) |q|)) 0))
(assert (or (> (+ (* (- 1) |best|) |p| (* (- 1) |q|)) 0) (> (+ |best| (* (- 1) |p|) |q|) 0)))
(check-sat)
