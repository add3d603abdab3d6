; obligation: the winner gets the entry
(set-logic QF_NRA)
(declare-const |v| Real)
(declare-const |w| Real)
(assert (= (+ |w| (* (- 1) |w| |w|)) 0))
(assert (or (> (+ (* (- 2) |v| |v| |w|) (* 2 |v| |v| |w| |w|)) 0) (> (+ (* 2 |v| |v| |w|) (* (- 2) |v| |v| |w| |w|)) 0)))
(check-sat)
