"""Distances and rotations of ``scipy.spatial``."""

import numpy as np
from catalogue.base import definite, distinct, positive, real, regular
from scipy import spatial
from scipy.spatial import distance
from scipy.spatial.transform import Rotation, Slerp

from .base import REFUSED, row

# Of two vectors


def double(*vectors):
    """SciPy's results have the dtype of the vectors, or are Python's numbers."""
    return [x.astype(float) for x in vectors]


for f in (
    *(distance.euclidean, distance.sqeuclidean, distance.cityblock, distance.chebyshev, distance.minkowski),
    *(distance.cosine, distance.correlation, distance.canberra, distance.braycurtis),
):
    row(f, "call", lambda u, v, f=f: np.add(f(*double(u, v)), 0), distinct(4), positive(4))
    if f is not distance.chebyshev:
        call = lambda u, v, w, f=f: np.add(f(*double(u, v), w=w.astype(float)), 0)  # noqa: E731
        row(f, "weights", call, distinct(4), positive(4), positive(4))
row(distance.mahalanobis, "call", distance.mahalanobis, real(3), real(3), definite(3, 3))
row(distance.seuclidean, "call", lambda *a: np.add(distance.seuclidean(*double(*a)), 0), real(3), real(3), positive(3))
row(distance.jensenshannon, "call", lambda p, q: distance.jensenshannon(p, q), positive(4), positive(4))
row(
    distance.jensenshannon,
    "axis",
    lambda p, q: distance.jensenshannon(p, q, 2.0, axis=1, keepdims=True),
    *(positive(2, 4), positive(2, 4)),
)

# Of all pairs

METRICS = ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "minkowski", "cosine", "correlation", "canberra")
METRICS += ("braycurtis", "seuclidean", "jensenshannon", "mahalanobis")
WEIGHTED = METRICS[:-3]
for m in METRICS:
    draw, compares = (positive if m == "jensenshannon" else distinct), m == "chebyshev"
    row(distance.cdist, m, lambda a, b, m=m: distance.cdist(a, b, m), draw(4, 2), draw(5, 2), compares=compares)
    row(distance.pdist, m, lambda a, m=m: distance.pdist(a, m), draw(5, 3), compares=compares)
for m in WEIGHTED:
    call = lambda a, b, w, m=m: distance.cdist(a, b, m, w=w)  # noqa: E731
    if m != "chebyshev":
        row(distance.cdist, f"{m},weights", call, distinct(4, 3), distinct(5, 3), positive(3))
        call = lambda a, w, m=m: distance.pdist(a, m, w=w)  # noqa: E731
        row(distance.pdist, f"{m},weights", call, distinct(5, 3), positive(3))
    call = lambda a, b, m=m: distance.cdist(a, b, m, w=[0.5, 0.0, 2.0])  # noqa: E731
    row(distance.cdist, f"{m},plain_weights", call, distinct(4, 3), distinct(5, 3))
for p in (1, 1.5, 3, np.inf):
    call = lambda a, b, p=p: distance.cdist(a, b, "minkowski", p=p)  # noqa: E731
    row(distance.cdist, f"p={p}", call, distinct(4, 3), distinct(5, 3), compares=np.isinf(p))
row(
    distance.cdist,
    "p",
    lambda a, b, p: distance.cdist(a, b, "minkowski", p=p + 1, w=[0.5, 1.0, 2.0]),
    *(distinct(4, 3), distinct(5, 3), positive()),
)
row(
    distance.cdist,
    "p=array",
    lambda a, b: distance.cdist(a, b, "minkowski", p=np.array(3.0)),
    distinct(4, 3),
    distinct(5, 3),
)
row(
    distance.cdist,
    "VI",
    lambda a, b, VI: distance.cdist(a, b, "mahalanobis", VI=VI),
    *(real(4, 3), real(5, 3), regular(3, 3)),
)
row(distance.pdist, "VI", lambda a, VI: distance.pdist(a, "mahalanobis", VI=VI), real(4, 3), regular(3, 3))
row(distance.cdist, "V", lambda a, b, V: distance.cdist(a, b, "seuclidean", V=V), real(4, 3), real(5, 3), positive(3))
row(distance.pdist, "V", lambda a, V: distance.pdist(a, "seuclidean", V=V), real(4, 3), positive(3))
row(distance.cdist, "function", lambda a, b: distance.cdist(a, b, distance.canberra), real(4, 3), real(5, 3))
row(
    distance.cdist,
    "own",
    lambda a, b: distance.cdist(a, b, lambda x, y: (x - y) @ (x - y) ** 3),
    real(4, 3),
    real(5, 3),
)
row(distance.pdist, "own", lambda a: distance.pdist(a, lambda x, y: (x - y) @ (x - y) ** 3), real(4, 3))
row(distance.cdist, "plain", lambda a: distance.cdist(a, np.arange(6.0).reshape(2, 3)), real(4, 3))
row(distance.cdist, "hamming", lambda a, b: distance.cdist(a, b, "hamming"), real(4, 3), real(5, 3), kind="constant")
row(distance.pdist, "jaccard", lambda a: distance.pdist(a, "jaccard"), real(4, 3), kind="constant")
for n in (1, 3, 6):
    row(distance.squareform, f"vector,{n}", lambda v: distance.squareform(v) * 2, real(n))
row(distance.squareform, "matrix", lambda a: distance.squareform(a - a.T, checks=False), real(4, 4))
row(distance.squareform, "both", lambda v: distance.squareform(distance.squareform(v)), real(6))
row(
    distance.directed_hausdorff,
    "call",
    lambda u, v: np.add(distance.directed_hausdorff(u, v)[0], 0),
    real(4, 3),
    real(5, 3),
)
row(spatial.distance_matrix, "call", lambda a, b: spatial.distance_matrix(a, b), real(4, 3), real(5, 3))
row(spatial.distance_matrix, "p", lambda a, b: spatial.distance_matrix(a, b, 3, 10), real(4, 3), real(5, 3))
row(spatial.minkowski_distance, "call", lambda a, b: spatial.minkowski_distance(a, b, 1), real(4, 3), real(4, 3))
row(spatial.procrustes, "call", lambda a, b: spatial.procrustes(a, b), real(6, 2), distinct(6, 2))
row(spatial.procrustes, "disparity", lambda a, b: spatial.procrustes(a, b)[2], real(6, 3), distinct(6, 3))


def to_sphere(x):
    x = x.astype(float)
    return x / np.linalg.norm(x)


for label, t in (("one", 0.3), ("many", [0.1, 0.7])):
    call = lambda a, b, t=t: spatial.geometric_slerp(to_sphere(a), to_sphere(b), t)  # noqa: E731
    row(spatial.geometric_slerp, label, call, positive(3), real(3))
TREE = spatial.KDTree(np.random.default_rng(0).normal(size=(9, 3)))
row(spatial.KDTree.query, "one", lambda x: TREE.query(x)[0], real(4, 3))
row(spatial.KDTree.query, "many", lambda x: TREE.query(x, 3, p=1)[0], real(4, 3))
for p in (1, 2, 3.5, np.inf):
    call = lambda a, x, p=p: spatial.KDTree(a).query(x, [1, 3], p=p)[0]  # noqa: E731
    row(spatial.KDTree, f"p={p}", call, distinct(5, 2), real(2, 2))
row(spatial.KDTree, "itself", lambda a: spatial.KDTree(a).query(a, 2)[0][:, 1], distinct(5, 2))
row(spatial.KDTree, "around", lambda a: spatial.KDTree(a % 2.0, boxsize=2.0).query(a % 2.0, 3)[0][:, 1:], real(5, 2))
row(spatial.KDTree, "data", lambda a: spatial.KDTree(a).data[1], real(3, 2))
row(
    spatial.KDTree.count_neighbors,
    "call",
    lambda a: np.array(spatial.KDTree(a).count_neighbors(TREE, [0.5, 1.5])),
    real(4, 3),
    kind="constant",
)
row(
    spatial.KDTree.query_pairs,
    "call",
    lambda a: spatial.KDTree(a).query_pairs(1.5, output_type="ndarray"),
    real(4, 3),
    kind="constant",
)
row(spatial.KDTree.query, "bound", lambda x: 1 / TREE.query(x, 9, distance_upper_bound=2)[0], real(3))

# Rotations

if hasattr(Rotation, "shape"):  # SciPy 1.17
    for label, shape in (("one", (3,)), ("many", (4, 3))):
        for method in ("as_matrix", "as_quat", "as_rotvec", "as_mrp", "magnitude"):
            f = getattr(Rotation, method)
            row(f, label, lambda x, f=f: f(Rotation.from_rotvec(x)), real(*shape))
            row(f, f"inv,{label}", lambda x, f=f: f(Rotation.from_rotvec(x).inv()), real(*shape))
        for seq in ("xyz", "ZYX", "zxz"):
            call = lambda x, s=seq: Rotation.from_rotvec(x).as_euler(s, degrees=True)  # noqa: E731
            row(Rotation.as_euler, f"{seq},{label}", call, real(*shape))
            call = lambda x, s=seq: Rotation.from_euler(s, x).as_matrix()  # noqa: E731
            row(Rotation.from_euler, f"{seq},{label}", call, real(*shape))
        for inverse in (False, True):
            call = lambda x, v, i=inverse: Rotation.from_rotvec(x).apply(v, inverse=i)  # noqa: E731
            row(Rotation.apply, f"{inverse},{label}", call, real(*shape), real(3))
        call = lambda x, y: (Rotation.from_rotvec(x) * Rotation.from_rotvec(y)).as_matrix()  # noqa: E731
        row(Rotation.__mul__, label, call, real(*shape), real(3))
        row(Rotation.__pow__, label, lambda x: (Rotation.from_rotvec(x) ** 0.3).as_matrix(), real(*shape))
        row(Rotation.from_mrp, label, lambda x: Rotation.from_mrp(x).as_matrix(), real(*shape))
        row(
            Rotation.from_rotvec,
            f"degrees,{label}",
            lambda x: Rotation.from_rotvec(50 * x, True).as_matrix(),
            real(*shape),
        )
    row(Rotation.from_euler, "axis", lambda x: Rotation.from_euler("z", x).as_matrix(), real())
    row(Rotation.from_quat, "one", lambda x: Rotation.from_quat(x).as_matrix(), real(4))
    row(Rotation.from_quat, "first", lambda x: Rotation.from_quat(x, scalar_first=True).as_quat(True), real(3, 4))
    row(Rotation.from_matrix, "one", lambda x: Rotation.from_matrix(x).as_rotvec(), regular(3, 3))
    row(Rotation.from_matrix, "many", lambda x: Rotation.from_matrix(x).as_matrix(), regular(2, 3, 3))
    row(Rotation.apply, "plain", lambda v: Rotation.from_rotvec([0.1, 0.2, 0.3]).apply(v), real(4, 3))
    row(Rotation.mean, "vectors", lambda x: Rotation.from_rotvec(x / 4).mean().as_matrix(), real(4, 3))
    row(Rotation.mean, "weights", lambda x, w: Rotation.from_rotvec(x / 4).mean(w).as_matrix(), real(4, 3), positive(4))
    row(Rotation.__getitem__, "call", lambda x: Rotation.from_rotvec(x)[1:3].as_matrix(), real(4, 3))
    row(
        Rotation.concatenate,
        "call",
        lambda x: Rotation.concatenate([Rotation.from_rotvec(x), Rotation.from_rotvec(2 * x)]).as_matrix(),
        real(2, 3),
    )
    row(
        Rotation.align_vectors,
        "call",
        lambda a, b: Rotation.align_vectors(a, b)[0].as_matrix(),
        *(real(5, 3), distinct(5, 3)),
    )
    TIMES = [0.0, 1.0, 2.5]
    call = lambda x, t: Slerp(TIMES, Rotation.from_rotvec(x))(t).as_matrix()  # noqa: E731
    row(Slerp, "call", call, real(3, 3), positive(2))
    turns = Rotation.from_rotvec([[0.1, 0.2, 0.3], [1.0, 0.0, 0.2], [0.5, 0.5, 0.1]])
    row(Slerp, "times", lambda t: Slerp(TIMES, turns)(t).as_matrix(), positive(2))

REFUSED += [
    ("sparse_distance_matrix", lambda x: TREE.sparse_distance_matrix(spatial.KDTree(x), 1), "query_ball_tree"),
    ("count_neighbors", lambda x: TREE.count_neighbors(TREE, 1, weights=x[0]), "give it plain"),
    ("cKDTree", lambda x: spatial.cKDTree(x), "takes plain numbers"),
    ("ConvexHull", lambda x: spatial.ConvexHull(x), "ends the gradient of a Tensor"),
    ("Delaunay", lambda x: spatial.Delaunay(x), "ends the gradient of a Tensor"),
    ("hamming-weights", lambda x: distance.cdist(x, x, "hamming", w=x[0]), "no derivative with respect to its options"),
    ("metric", lambda x: distance.cdist(x, x, "manhattan"), "Unknown Distance Metric"),
    ("option", lambda x: distance.cdist(x, x, "euclidean", p=3), "unexpected keyword|incompatible function|argument"),
]
