(* Sorting of real vectors of any length: it is 1-Lipschitz in the infinity norm, commutes with nonnegative factors,
   and rearranges; so does GroupSort with groups of any size.

   A vector is a list of reals. [within d xs ys] says that xs and ys have the same length and that no two of their
   entries in the same place differ by more than d, that is, ||xs - ys||_inf <= d. *)

From Coq Require Import Reals Lra List Permutation Sorted Lia.
Open Scope R_scope.

Definition within (d : R) (xs ys : list R) : Prop := Forall2 (fun x y => Rabs (x - y) <= d) xs ys.

(* One step of insertion, with min and max in place of a comparison. *)
Fixpoint insert (a : R) (l : list R) : list R :=
  match l with
  | nil => a :: nil
  | x :: rest => Rmin a x :: insert (Rmax a x) rest
  end.

Fixpoint sort (l : list R) : list R :=
  match l with
  | nil => nil
  | a :: rest => insert a (sort rest)
  end.

(* Consecutive groups of k entries, each sorted; a last group that is shorter is sorted as well. *)
Fixpoint groups_sorted (steps k : nat) (l : list R) : list R :=
  match steps with
  | O => l
  | S fewer => sort (firstn k l) ++ groups_sorted fewer k (skipn k l)
  end.

Definition groupsort (k : nat) (l : list R) : list R := groups_sorted (length l) k l.

Definition sorted (l : list R) : Prop := StronglySorted Rle l.

(* Sorting sorts: the result is ascending, has the same entries, and nothing else has both properties. *)

Lemma insert_permutes : forall l a, Permutation (insert a l) (a :: l).
Proof.
  induction l as [|x rest IH]; intros a; simpl.
  - apply Permutation_refl.
  - unfold Rmin, Rmax. destruct (Rle_dec a x).
    + apply perm_skip. apply IH.
    + apply Permutation_trans with (x :: a :: rest).
      * apply perm_skip. apply IH.
      * apply perm_swap.
Qed.

Theorem sort_permutes : forall l, Permutation (sort l) l.
Proof.
  induction l as [|a rest IH]; simpl.
  - apply perm_nil.
  - apply Permutation_trans with (a :: sort rest).
    + apply insert_permutes.
    + apply perm_skip. exact IH.
Qed.

Lemma insert_sorted : forall l a, sorted l -> sorted (insert a l).
Proof.
  unfold sorted. induction l as [|x rest IH]; intros a H; simpl.
  - constructor; constructor.
  - inversion H as [|u v Hrest Hleast]; subst. constructor.
    + apply IH. exact Hrest.
    + apply Forall_forall. intros z Hz.
      apply (Permutation_in z (insert_permutes rest (Rmax a x))) in Hz.
      pose proof (Rmin_l a x). pose proof (Rmin_r a x). pose proof (Rmax_l a x).
      destruct Hz as [E|Hz].
      * lra.
      * rewrite Forall_forall in Hleast. specialize (Hleast z Hz). lra.
Qed.

Theorem sort_sorted : forall l, sorted (sort l).
Proof.
  induction l as [|a rest IH]; simpl.
  - constructor.
  - apply insert_sorted. exact IH.
Qed.

Lemma sorted_unique : forall l m, sorted l -> sorted m -> Permutation l m -> l = m.
Proof.
  unfold sorted. induction l as [|a l IH]; intros m Hl Hm P.
  - symmetry. apply Permutation_nil. exact P.
  - destruct m as [|b m].
    + apply Permutation_sym in P. apply Permutation_nil in P. discriminate P.
    + inversion Hl as [|u v Hl' La]; subst. inversion Hm as [|u v Hm' Lb]; subst.
      rewrite Forall_forall in La. rewrite Forall_forall in Lb.
      assert (E : a = b).
      { assert (Ia : In a (b :: m)) by (apply (Permutation_in a P); left; reflexivity).
        assert (Ib : In b (a :: l)) by (apply (Permutation_in b (Permutation_sym P)); left; reflexivity).
        destruct Ia as [Ia|Ia]; [symmetry; exact Ia|].
        destruct Ib as [Ib|Ib]; [exact Ib|].
        specialize (La b Ib). specialize (Lb a Ia). lra. }
      subst b. f_equal. apply IH; try assumption. apply (Permutation_cons_inv P).
Qed.

Theorem sort_is_the_only_ascending_rearrangement : forall l m, sorted m -> Permutation m l -> m = sort l.
Proof.
  intros l m Hm P. apply sorted_unique; [exact Hm | apply sort_sorted |].
  apply Permutation_trans with l; [exact P | apply Permutation_sym, sort_permutes].
Qed.

(* The infinity norm. *)

Lemma min_close : forall a b x y d,
  Rabs (a - b) <= d -> Rabs (x - y) <= d -> Rabs (Rmin a x - Rmin b y) <= d.
Proof.
  intros a b x y d. unfold Rmin, Rabs.
  destruct (Rle_dec a x), (Rle_dec b y); repeat destruct (Rcase_abs _); lra.
Qed.

Lemma max_close : forall a b x y d,
  Rabs (a - b) <= d -> Rabs (x - y) <= d -> Rabs (Rmax a x - Rmax b y) <= d.
Proof.
  intros a b x y d. unfold Rmax, Rabs.
  destruct (Rle_dec a x), (Rle_dec b y); repeat destruct (Rcase_abs _); lra.
Qed.

Lemma insert_close : forall d xs ys a b,
  Rabs (a - b) <= d -> within d xs ys -> within d (insert a xs) (insert b ys).
Proof.
  unfold within. intros d xs ys a b H W. revert a b H.
  induction W as [|x y xs ys Hxy W IH]; intros a b H; simpl.
  - constructor; [exact H | constructor].
  - constructor.
    + apply min_close; assumption.
    + apply IH. apply max_close; assumption.
Qed.

Theorem sort_lipschitz : forall d xs ys, within d xs ys -> within d (sort xs) (sort ys).
Proof.
  intros d xs ys W. unfold within in *. induction W as [|x y xs ys H W IH]; simpl.
  - constructor.
  - apply insert_close; assumption.
Qed.

Lemma within_firstn : forall d k xs ys, within d xs ys -> within d (firstn k xs) (firstn k ys).
Proof.
  unfold within. intros d k xs ys W. revert k.
  induction W; intros [|k]; simpl; constructor; auto.
Qed.

Lemma within_skipn : forall d k xs ys, within d xs ys -> within d (skipn k xs) (skipn k ys).
Proof.
  unfold within. intros d k xs ys W. revert k.
  induction W; intros [|k]; simpl; auto.
Qed.

Lemma within_length : forall d xs ys, within d xs ys -> length xs = length ys.
Proof.
  unfold within. intros d xs ys W. induction W as [|x y xs ys H W IH]; simpl; [reflexivity | rewrite IH; reflexivity].
Qed.

Theorem groupsort_lipschitz : forall k d xs ys, within d xs ys -> within d (groupsort k xs) (groupsort k ys).
Proof.
  assert (step : forall n k d xs ys, within d xs ys -> within d (groups_sorted n k xs) (groups_sorted n k ys)).
  { induction n as [|n IH]; intros k d xs ys W; simpl; [exact W|].
    apply Forall2_app.
    - apply sort_lipschitz, within_firstn, W.
    - apply IH, within_skipn, W. }
  intros k d xs ys W. unfold groupsort.
  assert (E : length xs = length ys) by (apply (within_length d), W). rewrite E. apply step, W.
Qed.

(* No smaller constant: two constant vectors of any length n > 0 stay as far apart as they are. *)
Lemma sort_constant : forall n c, sort (repeat c n) = repeat c n.
Proof.
  intros n c. symmetry. apply sort_is_the_only_ascending_rearrangement; [|apply Permutation_refl].
  unfold sorted. induction n as [|n IH]; simpl; constructor; [exact IH|].
  apply Forall_forall. intros z Hz. apply repeat_spec in Hz. lra.
Qed.

Theorem sort_no_smaller_constant : forall c n, c < 1 -> (0 < n)%nat ->
  exists xs ys, length xs = n /\ within 1 xs ys /\ ~ within (c * 1) (sort xs) (sort ys).
Proof.
  intros c n Hc Hn. exists (repeat 1 n), (repeat 0 n). repeat split.
  - apply repeat_length.
  - unfold within. clear Hn. induction n; simpl; constructor; [|assumption].
    rewrite Rminus_0_r, Rabs_R1. lra.
  - rewrite (sort_constant n 1), (sort_constant n 0). destruct n as [|n]; [lia|]. simpl.
    intros W. inversion W as [|x y xs ys H]; subst. rewrite Rminus_0_r, Rabs_R1 in H. lra.
Qed.

(* Nonnegative factors. *)

Lemma min_scaled : forall c x y, 0 <= c -> Rmin (c * x) (c * y) = c * Rmin x y.
Proof.
  intros c x y H. unfold Rmin. destruct (Rle_dec (c * x) (c * y)), (Rle_dec x y); nra.
Qed.

Lemma max_scaled : forall c x y, 0 <= c -> Rmax (c * x) (c * y) = c * Rmax x y.
Proof.
  intros c x y H. unfold Rmax. destruct (Rle_dec (c * x) (c * y)), (Rle_dec x y); nra.
Qed.

Lemma sort_homogeneous : forall c l, 0 <= c -> sort (map (Rmult c) l) = map (Rmult c) (sort l).
Proof.
  assert (step : forall c l a, 0 <= c -> insert (c * a) (map (Rmult c) l) = map (Rmult c) (insert a l)).
  { intros c. induction l as [|x l IH]; intros a H; simpl; [reflexivity|].
    rewrite min_scaled, max_scaled by exact H. rewrite IH by exact H. reflexivity. }
  intros c l H. induction l as [|a l IH]; simpl; [reflexivity|].
  rewrite IH. apply step. exact H.
Qed.

Theorem groupsort_homogeneous : forall k c l, 0 <= c -> groupsort k (map (Rmult c) l) = map (Rmult c) (groupsort k l).
Proof.
  assert (step : forall n k c l, 0 <= c -> groups_sorted n k (map (Rmult c) l) = map (Rmult c) (groups_sorted n k l)).
  { induction n as [|n IH]; intros k c l H; simpl; [reflexivity|].
    rewrite map_app, firstn_map, skipn_map, sort_homogeneous, IH by exact H. reflexivity. }
  intros k c l H. unfold groupsort. rewrite map_length. apply step. exact H.
Qed.

(* Norms: every sum over the entries, of |x|^p for example, is kept. *)

Definition total (f : R -> R) (l : list R) : R := fold_right Rplus 0 (map f l).

Theorem groupsort_permutes : forall k l, Permutation (groupsort k l) l.
Proof.
  assert (step : forall n k l, Permutation (groups_sorted n k l) l).
  { induction n as [|n IH]; intros k l; simpl; [apply Permutation_refl|].
    apply Permutation_trans with (firstn k l ++ skipn k l).
    - apply Permutation_app; [apply sort_permutes | apply IH].
    - rewrite firstn_skipn. apply Permutation_refl. }
  intros k l. apply step.
Qed.

Theorem groupsort_keeps_totals : forall (f : R -> R) k l, total f (groupsort k l) = total f l.
Proof.
  intros f k l. generalize (groupsort_permutes k l). unfold total.
  generalize (groupsort k l). intros m P. induction P; simpl; lra.
Qed.
