; obligation: minimal: one row and one column
(set-logic QF_NRA)
(declare-const |size| Real)
(declare-const |w| Real)
(assert (= (+ (* |size| |size|) (* (- 1) |w| |w|)) 0))
(assert (>= |size| 0))
(assert (or (> (+ (* (- 1) |size|) |w|) 0) (> (+ (* (- 1) |size|) (* (- 1) |w|)) 0) (> (+ (* |size| |size|) (* (- 1) |w| |w|)) 0)))
(check-sat)
