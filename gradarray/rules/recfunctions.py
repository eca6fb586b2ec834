"""Fields of structured arrays, which hold no gradient."""

from numpy.lib import recfunctions as rf

from ..registry import refused

refused(
    "the fields of a structured array take no gradient; keep a Tensor for each field, and join them with np.stack.",
    *(rf.structured_to_unstructured, rf.unstructured_to_structured, rf.apply_along_fields),
    *(rf.append_fields, rf.rec_append_fields, rf.drop_fields, rf.rec_drop_fields, rf.rename_fields),
    *(rf.repack_fields, rf.require_fields, rf.recursive_fill_fields, rf.assign_fields_by_name),
    *(rf.merge_arrays, rf.stack_arrays, rf.join_by, rf.rec_join, rf.find_duplicates),
)
