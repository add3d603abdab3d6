; obligation: minimal: one atom agrees only at 1/2
(set-logic QF_NRA)
(declare-const |s| Real)
(declare-const |up| Real)
(assert (= (+ (* (- 2) |s| |up|) |up|) 0))
(assert (or (> |up| 0) (> (* (- 1) |up|) 0)))
(assert (or (> (+ (- 1) (* 2 |s|)) 0) (> (+ 1 (* (- 2) |s|)) 0)))
(check-sat)
