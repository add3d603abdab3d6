; obligation: no tolerance is enough
(set-logic QF_NRA)
(declare-const |s| Real)
(declare-const |t| Real)
(assert (= (+ (- 1) |s| (* |s| |t|)) 0))
(assert (>= |t| 0))
(assert (or (>= (* (- 1) |s|) 0) (>= (+ (- 1) (* |s| |t|)) 0)))
(check-sat)
