; obligation: minimal: every factor above 1/2 fails
(set-logic QF_NRA)
(declare-const |eps| Real)
(declare-const |k| Real)
(assert (> (+ (- 1) (* 2 |k|)) 0))
(assert (> |eps| 0))
(assert (or (>= (+ |eps| (* (- 2) |eps| |k|)) 0) (>= (+ |eps| (* (- 2) |eps| |k|)) 0)))
(check-sat)
