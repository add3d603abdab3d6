; obligation: minimal: one column
(set-logic QF_NRA)
(declare-const |w| Real)
(assert (>= (+ 1 (* (- 1) |w| |w|)) 0))
(assert (or (> (+ (- 1) |w|) 0) (> (+ (- 1) (* (- 1) |w|)) 0)))
(check-sat)
