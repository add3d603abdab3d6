; obligation: factors keep the radii
(set-logic QF_NRA)
(declare-const |c| Real)
(declare-const |f| Real)
(assert (> |c| 0))
(assert (> |f| 0))
(assert (>= (* (- 1) |c| |f|) 0))
(check-sat)
