(* MaxMin(x) = FullSort(x + b) - b for any number of pairs, if the entries lie in [low, high], the two entries of a pair
   share a bias, and neighbouring biases rise by high - low at least; with any smaller step it fails for some entries.

   A chunk is a bias with the two entries of its pair; the vectors are read off a list of chunks. *)

From Coq Require Import Reals Lra List Permutation Sorted.
From Lipcheck Require Import sorting.
Open Scope R_scope.

Definition entries (cs : list (R * (R * R))) : list R := flat_map (fun c => fst (snd c) :: snd (snd c) :: nil) cs.
Definition biases (cs : list (R * (R * R))) : list R := flat_map (fun c => fst c :: fst c :: nil) cs.

Fixpoint add (xs ys : list R) : list R :=
  match xs, ys with
  | x :: xs', y :: ys' => (x + y) :: add xs' ys'
  | _, _ => nil
  end.

Definition sub (xs ys : list R) : list R := add xs (map Ropp ys).
Definition maxmin (xs : list R) : list R := groupsort 2 xs.

Definition in_range (low high : R) (cs : list (R * (R * R))) : Prop :=
  Forall (fun x => low <= x <= high) (entries cs).

(* Each bias lies at least gap above the one before. *)
Fixpoint rising (gap : R) (bs : list R) : Prop :=
  match bs with
  | b :: (c :: _) as rest => gap <= c - b /\ rising gap rest
  | _ => True
  end.

Lemma maxmin_pair : forall x y l, maxmin (x :: y :: l) = Rmin x y :: Rmax x y :: maxmin l.
Proof.
  assert (end_ : forall n, groups_sorted n 2 nil = nil) by (induction n as [|n IH]; simpl; [reflexivity | exact IH]).
  assert (fuel : forall n m l, (length l <= n)%nat -> (length l <= m)%nat -> groups_sorted n 2 l = groups_sorted m 2 l).
  { induction n as [|n IH]; intros m l Hn Hm.
    - destruct l; [rewrite !end_; reflexivity | inversion Hn].
    - destruct m as [|m].
      + destruct l; [rewrite !end_; reflexivity | inversion Hm].
      + simpl. f_equal. destruct l as [|a [|b l]]; simpl; try (rewrite !end_; reflexivity).
        simpl in Hn, Hm. apply IH; apply le_S_n.
        * apply Nat.le_trans with (S (S (length l))); [apply le_S, le_n | exact Hn].
        * apply Nat.le_trans with (S (S (length l))); [apply le_S, le_n | exact Hm]. }
  intros x y l. unfold maxmin, groupsort. simpl. f_equal. f_equal.
  apply (fuel (S (length l)) (length l) l); [apply le_S, le_n | apply le_n].
Qed.

(* The vector MaxMin(x) + b, chunk by chunk. *)
Definition shifted (cs : list (R * (R * R))) : list R :=
  flat_map (fun c => (Rmin (fst (snd c)) (snd (snd c)) + fst c) :: (Rmax (fst (snd c)) (snd (snd c)) + fst c) :: nil) cs.

Lemma shifted_is : forall cs, add (maxmin (entries cs)) (biases cs) = shifted cs.
Proof.
  induction cs as [|[b [x y]] cs IH].
  - reflexivity.
  - change (entries ((b, (x, y)) :: cs)) with (x :: y :: entries cs). rewrite maxmin_pair.
    simpl. rewrite IH. reflexivity.
Qed.

Lemma shifted_permutes : forall cs, Permutation (shifted cs) (add (entries cs) (biases cs)).
Proof.
  induction cs as [|[b [x y]] cs IH]; simpl; [apply perm_nil|].
  unfold Rmin, Rmax. destruct (Rle_dec x y).
  - apply perm_skip, perm_skip, IH.
  - apply Permutation_trans with (x + b :: y + b :: shifted cs); [apply perm_swap | apply perm_skip, perm_skip, IH].
Qed.

Lemma shifted_sorted : forall low high cs,
  in_range low high cs -> rising (high - low) (map fst cs) -> low <= high -> sorted (shifted cs).
Proof.
  assert (above : forall low high cs b, in_range low high cs -> rising (high - low) (b :: map fst cs) -> low <= high ->
                  Forall (Rle (high + b)) (shifted cs)).
  { intros low high. induction cs as [|[c [x y]] cs IH]; intros b I G L; simpl; [constructor|].
    unfold in_range in I. simpl in I. inversion I as [|u v Hx I1]; subst. inversion I1 as [|u v Hy I2]; subst.
    destruct G as [G1 G2]. simpl in G1. simpl in G2.
    assert (low <= Rmin x y) by (unfold Rmin; destruct (Rle_dec x y); lra).
    assert (low <= Rmax x y) by (unfold Rmax; destruct (Rle_dec x y); lra).
    constructor; [lra|]. constructor; [lra|].
    assert (F : Forall (Rle (high + c)) (shifted cs)) by (apply IH; assumption).
    apply (Forall_impl (P := Rle (high + c))); [intros z Hz; lra | exact F]. }
  intros low high. unfold sorted. induction cs as [|[b [x y]] cs IH]; intros I G L; simpl; [constructor|].
  pose proof I as J. unfold in_range in J. simpl in J.
  inversion J as [|u v Hx J1]; subst. inversion J1 as [|u v Hy J2]; subst.
  assert (F : Forall (Rle (high + b)) (shifted cs)) by (apply (above low high); assumption).
  assert (Rmin x y <= Rmax x y) by (unfold Rmin, Rmax; destruct (Rle_dec x y); lra).
  assert (Rmax x y <= high) by (unfold Rmax; destruct (Rle_dec x y); lra).
  assert (G' : rising (high - low) (map fst cs)) by (simpl in G; destruct (map fst cs); [exact Logic.I | apply G]).
  constructor.
  - constructor; [apply IH; assumption|].
    apply (Forall_impl (P := Rle (high + b))); [intros z Hz; lra | exact F].
  - constructor; [lra|].
    apply (Forall_impl (P := Rle (high + b))); [intros z Hz; lra | exact F].
Qed.

Lemma sub_add : forall xs bs, length xs = length bs -> sub (add xs bs) bs = xs.
Proof.
  unfold sub. induction xs as [|x xs IH]; intros [|b bs] E; simpl in *; try reflexivity; try discriminate E.
  rewrite IH by (injection E; auto). f_equal. lra.
Qed.

Lemma lengths : forall cs, length (maxmin (entries cs)) = length (biases cs).
Proof.
  intros cs. unfold maxmin. rewrite (Permutation_length (groupsort_permutes 2 (entries cs))).
  induction cs as [|c cs IH]; simpl; [reflexivity | rewrite IH; reflexivity].
Qed.

Theorem gap_suffices : forall low high cs,
  low <= high -> in_range low high cs -> rising (high - low) (map fst cs) ->
  maxmin (entries cs) = sub (sort (add (entries cs) (biases cs))) (biases cs).
Proof.
  intros low high cs L I G.
  assert (E : add (maxmin (entries cs)) (biases cs) = sort (add (entries cs) (biases cs))).
  { rewrite shifted_is. apply sort_is_the_only_ascending_rearrangement.
    - apply (shifted_sorted low high); assumption.
    - apply shifted_permutes. }
  rewrite <- E. symmetry. apply sub_add, lengths.
Qed.

(* The paper's x_max: |x_i| <= m, and biases that rise by 2 m. *)
Theorem twice_the_radius_suffices : forall m cs,
  0 <= m -> in_range (- m) m cs -> rising (2 * m) (map fst cs) ->
  maxmin (entries cs) = sub (sort (add (entries cs) (biases cs))) (biases cs).
Proof.
  intros m cs M I G. apply (gap_suffices (- m) m); [lra | exact I |].
  replace (m - - m) with (2 * m) by lra. exact G.
Qed.

Theorem the_radius_suffices_without_negative_entries : forall m cs,
  0 <= m -> in_range 0 m cs -> rising m (map fst cs) ->
  maxmin (entries cs) = sub (sort (add (entries cs) (biases cs))) (biases cs).
Proof.
  intros m cs M I G. apply (gap_suffices 0 m); [lra | exact I |].
  replace (m - 0) with m by lra. exact G.
Qed.

(* One step that is smaller, anywhere among any number of pairs, is enough for a failure. *)

Lemma add_sub : forall xs bs, length xs = length bs -> add (sub xs bs) bs = xs.
Proof.
  unfold sub. induction xs as [|x xs IH]; intros [|b bs] E; simpl in *; try reflexivity; try discriminate E.
  rewrite IH by (injection E; auto). f_equal. lra.
Qed.

Lemma add_length : forall xs bs, length xs = length bs -> length (add xs bs) = length bs.
Proof.
  induction xs as [|x xs IH]; intros [|b bs] E; simpl in *; try reflexivity; try discriminate E.
  rewrite IH; [reflexivity | injection E; auto].
Qed.

Lemma sorted_inside : forall l u a b m, sorted (l ++ u :: a :: b :: m) -> a <= b.
Proof.
  unfold sorted. induction l as [|x l IH]; intros u a b m H; simpl in H; inversion H as [|p q H1 H2]; subst.
  - inversion H1 as [|p q H3 H4]; subst. rewrite Forall_forall in H4. apply H4. left. reflexivity.
  - apply (IH u a b m). exact H1.
Qed.

Theorem no_smaller_gap : forall low high before b c after,
  low <= high -> c - b < high - low ->
  exists cs, map fst cs = before ++ b :: c :: after /\ in_range low high cs /\
             maxmin (entries cs) <> sub (sort (add (entries cs) (biases cs))) (biases cs).
Proof.
  intros low high before b c after L S.
  set (flat := fun x bias => (bias, (x, x)) : R * (R * R)).
  set (cs := map (flat low) before ++ flat high b :: flat low c :: map (flat low) after).
  assert (names : forall l, map fst (map (flat low) l) = l)
    by (induction l as [|x l IH]; simpl; [reflexivity | rewrite IH; reflexivity]).
  assert (range : forall l, in_range low high (map (flat low) l))
    by (unfold in_range; induction l as [|x l IH]; simpl; [constructor | constructor; [lra | constructor; [lra | exact IH]]]).
  exists cs. split; [|split].
  - unfold cs. rewrite map_app. simpl. rewrite !names. reflexivity.
  - unfold cs, in_range, entries. rewrite flat_map_app. apply Forall_app. split; [apply range|].
    simpl. constructor; [lra|]. constructor; [lra|]. constructor; [lra|]. constructor; [lra|]. apply range.
  - intros E.
    assert (same : length (entries cs) = length (biases cs)).
    { rewrite <- lengths. unfold maxmin. rewrite (Permutation_length (groupsort_permutes 2 (entries cs))). reflexivity. }
    assert (A : shifted cs = sort (add (entries cs) (biases cs))).
    { rewrite <- shifted_is, E. apply add_sub.
      rewrite (Permutation_length (sort_permutes _)). apply add_length, same. }
    assert (H : sorted (shifted cs)) by (rewrite A; apply sort_sorted).
    unfold cs, shifted in H. rewrite flat_map_app in H. simpl in H.
    apply sorted_inside in H. unfold Rmax, Rmin in H. destruct (Rle_dec high high), (Rle_dec low low); lra.
Qed.

(* The premises can hold, for any number of pairs. *)
Theorem premises_can_hold : forall m n, 0 <= m ->
  exists cs, length cs = n /\ in_range (- m) m cs /\ rising (2 * m) (map fst cs).
Proof.
  intros m n Hm. assert (From : forall b, exists cs, length cs = n /\ in_range (- m) m cs /\ rising (2 * m) (b :: map fst cs)).
  { induction n as [|n IH]; intros b.
    - exists nil. repeat split. unfold in_range. constructor.
    - destruct (IH (b + 2 * m)) as [cs [E [I G]]]. exists ((b + 2 * m, (m, - m)) :: cs). split; [simpl; rewrite E; reflexivity|].
      split.
      + unfold in_range in *. simpl. constructor; [lra|]. constructor; [lra | exact I].
      + simpl. split; [lra | exact G]. }
  destruct (From 0) as [cs [E [I G]]]. exists cs. split; [exact E|]. split; [exact I|].
  destruct cs as [|c cs]; [exact Logic.I | apply G].
Qed.
