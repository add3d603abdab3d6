(* The margin certificate in the infinity norm, for any number of logits and any number of inputs, and the failure of every
   factor below 2.

   A network is any function from vectors of inputs to vectors of logits; [lipschitz K f n] says that it is K-Lipschitz
   from the infinity norm to the infinity norm on inputs of length n, with always the same number of logits. *)

From Coq Require Import Reals Lra Lia List.
From Lipcheck Require Import sorting.
Open Scope R_scope.

Definition lipschitz (K : R) (f : list R -> list R) (n : nat) : Prop :=
  forall d xs ys, length xs = n -> length ys = n -> 0 <= d -> within d xs ys -> within (K * d) (f xs) (f ys).

(* Class t beats every other logit by m at least. *)
Definition margin_at_least (m : R) (t : nat) (logits : list R) : Prop :=
  (t < length logits)%nat /\
  forall i, (i < length logits)%nat -> i <> t -> m <= nth t logits 0 - nth i logits 0.

Definition strictly_on_top (t : nat) (logits : list R) : Prop :=
  (t < length logits)%nat /\
  forall i, (i < length logits)%nat -> i <> t -> nth i logits 0 < nth t logits 0.

Lemma within_nth : forall d xs ys i, within d xs ys -> (i < length xs)%nat -> Rabs (nth i xs 0 - nth i ys 0) <= d.
Proof.
  unfold within. intros d xs ys i W. revert i.
  induction W as [|x y xs ys H W IH]; intros [|i] L; simpl in *; try lia.
  - exact H.
  - apply IH. lia.
Qed.

Theorem certificate : forall K f n t eps x,
  0 < K -> lipschitz K f n -> length x = n -> margin_at_least (2 * K * eps) t (f x) ->
  forall r moved, length moved = n -> 0 <= r < eps -> within r x moved -> strictly_on_top t (f moved).
Proof.
  intros K f n t eps x HK HL Hx [Ht HM] r moved Hm Hr W.
  assert (V : within (K * r) (f x) (f moved)) by (apply (HL r); tauto).
  assert (E : length (f x) = length (f moved)) by (apply (within_length (K * r)), V).
  split; [lia|]. intros i Hi Hit.
  assert (A := within_nth _ _ _ t V Ht).
  assert (B : Rabs (nth i (f x) 0 - nth i (f moved) 0) <= K * r) by (apply within_nth; [exact V | lia]).
  assert (C : 2 * K * eps <= nth t (f x) 0 - nth i (f x) 0) by (apply HM; [lia | exact Hit]).
  assert (D : K * r < K * eps) by (apply Rmult_lt_compat_l; lra).
  revert A B. unfold Rabs. repeat destruct (Rcase_abs _); lra.
Qed.

(* The network of the failure: the first input, and its opposite for every other class. *)
Definition opposites (others : nat) (xs : list R) : list R := hd 0 xs :: repeat (- hd 0 xs) others.

Lemma opposites_lipschitz : forall others inputs, lipschitz 1 (opposites others) (S inputs).
Proof.
  unfold lipschitz, opposites. intros others inputs d xs ys Hx Hy Hd W.
  destruct xs as [|x xs]; [discriminate Hx|]. destruct ys as [|y ys]; [discriminate Hy|].
  inversion W as [|u v us vs H W']; subst. simpl. unfold within. constructor.
  - lra.
  - clear - H. induction others as [|k IH]; simpl; constructor; [|exact IH].
    replace (- x - - y) with (- (x - y)) by lra. rewrite Rabs_Ropp. lra.
Qed.

(* With any factor c < 2 in place of 2, any number of inputs and of other classes, a class with the margin is overtaken. *)
Theorem no_smaller_factor : forall c inputs others, c < 2 -> (0 < others)%nat ->
  exists K f eps x r moved,
    0 < K /\ lipschitz K f (S inputs) /\ length x = S inputs /\ length moved = S inputs /\
    length (f x) = S others /\ margin_at_least (c * K * eps) 0 (f x) /\
    0 <= r < eps /\ within r x moved /\ ~ strictly_on_top 0 (f moved).
Proof.
  intros c inputs others Hc Ho.
  set (c' := Rmax c 1).
  assert (Hc' : c <= c' /\ 1 <= c' < 2).
  { unfold c'. pose proof (Rmax_l c 1). pose proof (Rmax_r c 1). unfold Rmax in *. destruct (Rle_dec c 1); lra. }
  set (eps := / c' + / 2).
  assert (He : c' * eps = 1 + c' / 2) by (unfold eps; field; lra).
  assert (He1 : 1 < eps).
  { apply Rmult_lt_reg_l with c'; lra. }
  clearbody c' eps. set (r := (1 + eps) / 2).
  exists 1, (opposites others), eps, (1 :: repeat 0 inputs), r, ((1 - r) :: repeat 0 inputs).
  split; [lra|]. split; [apply opposites_lipschitz|].
  split; [simpl; rewrite repeat_length; reflexivity|]. split; [simpl; rewrite repeat_length; reflexivity|].
  split; [unfold opposites; simpl; rewrite repeat_length; reflexivity|].
  split; [|split; [unfold r; lra|split]].
  - unfold opposites. split; [simpl; lia|]. intros i Hi Hit. simpl. destruct i as [|i]; [lia|].
    assert (Hr : nth i (repeat (Ropp 1) others) 0 = Ropp 1).
    { apply (repeat_spec others). apply nth_In. simpl in Hi. rewrite repeat_length in *. lia. }
    rewrite Hr.
    assert (c * eps <= c' * eps) by (apply Rmult_le_compat_r; lra). lra.
  - unfold within. constructor.
    + replace (1 - (1 - r)) with r by lra. rewrite Rabs_pos_eq; unfold r; lra.
    + assert (Z : 0 <= r) by (unfold r; lra). clear - Z.
      induction inputs as [|k IH]; simpl; constructor; [rewrite Rminus_0_r, Rabs_R0; exact Z | exact IH].
  - intros [_ T]. destruct others as [|k]; [lia|].
    specialize (T 1%nat). unfold opposites in T. simpl in T. rewrite repeat_length in T.
    assert (B : - (1 - r) < 1 - r) by (apply T; lia). unfold r in B. lra.
Qed.

(* The premises of the certificate can hold, for any number of inputs and of other classes. *)
Theorem premises_can_hold : forall inputs others, (0 < others)%nat ->
  exists K f eps x r moved,
    0 < K /\ lipschitz K f (S inputs) /\ length x = S inputs /\ length (f x) = S others /\
    margin_at_least (2 * K * eps) 0 (f x) /\ length moved = S inputs /\ 0 <= r < eps /\ within r x moved /\ x <> moved.
Proof.
  intros inputs others Ho.
  exists 1, (opposites others), 1, (1 :: repeat 0 inputs), (1 / 2), (1 / 2 :: repeat 0 inputs).
  split; [lra|]. split; [apply opposites_lipschitz|]. split; [simpl; rewrite repeat_length; reflexivity|].
  split; [unfold opposites; simpl; rewrite repeat_length; reflexivity|].
  split; [|split; [simpl; rewrite repeat_length; reflexivity|split; [lra|split]]].
  - unfold opposites. split; [simpl; lia|]. intros i Hi Hit. simpl. destruct i as [|i]; [lia|].
    assert (Hr : nth i (repeat (Ropp 1) others) 0 = Ropp 1).
    { apply (repeat_spec others). apply nth_In. simpl in Hi. rewrite repeat_length in *. lia. }
    rewrite Hr. lra.
  - unfold within. constructor.
    + replace (1 - 1 / 2) with (1 / 2) by lra. rewrite Rabs_pos_eq; lra.
    + clear. induction inputs as [|k IH]; simpl; constructor; [rewrite Rminus_0_r, Rabs_R0; lra | exact IH].
  - intros E. injection E as E. lra.
Qed.
