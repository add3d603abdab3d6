; obligation: one class: raising the logits lowers every term
(set-logic QF_NRA)
(declare-const |e| Real)
(declare-const |r| Real)
(assert (> |e| 0))
(assert (> |r| 0))
(assert (> (+ 1 (* (- 1) |r|)) 0))
(assert (>= (+ (* (- 1) |e|) (* |e| |r|)) 0))
(check-sat)
