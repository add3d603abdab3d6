; obligation: below every bound
(set-logic QF_NRA)
(declare-const |B| Real)
(declare-const |mean| Real)
(declare-const |t| Real)
(assert (>= (+ (* (- 1) |B|) (* |mean| |t|)) 0))
(assert (> |B| 0))
(assert (> (+ |B| (* (- 1) |mean| |t|)) 0))
(check-sat)
