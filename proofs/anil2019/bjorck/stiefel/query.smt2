; obligation: never in one step
(set-logic QF_NRA)
(declare-const |D| Real)
(declare-const |P| Real)
(declare-const |q| Real)
(assert (= (+ (- 1) |D| (* |P| |P|) (* (- 1) |P| |P| |q|)) 0))
(assert (> |D| 0))
(assert (>= (+ (- 1) (* |P| |P|) (* (- 1) |P| |P| |q|)) 0))
(check-sat)
