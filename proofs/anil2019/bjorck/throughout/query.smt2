; obligation: growth
(set-logic QF_NRA)
(declare-const |s| Real)
(assert (>= (* |s| |s| |s|) 0))
(assert (>= |s| 0))
(assert (> (* (- 1) |s| |s| |s|) 0))
(check-sat)
