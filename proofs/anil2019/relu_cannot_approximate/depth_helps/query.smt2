; obligation: one more layer
(set-logic QF_LRA)
(declare-const |N| Real)
(declare-const |c| Real)
(assert (>= (+ (- 2) |N|) 0))
(assert (> |c| 0))
(assert (>= (* (- 1) |c|) 0))
(check-sat)
