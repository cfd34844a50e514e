"""The types that the Python client documents: what a request may hold, and what an answer must."""

import ast
import inspect
import re
import typing

import claiv.client
import claiv.types as types

def syntax(annotation):
    """An annotation as syntax: older Pythons cannot evaluate all of them."""
    return ast.parse(getattr(annotation, "__forward_arg__", annotation), mode="eval").body


def needed(kind):
    """The fields that must be there. Where not all are, a comment says which."""
    if kind.__total__:
        return list(kind.__annotations__)
    return re.findall(r"^ +(\w+): .*# required", inspect.getsource(kind), re.M)


def words(node):
    """The words that a field may hold, where they are listed."""
    if isinstance(node, ast.Name):
        return list(typing.get_args(getattr(types, node.id, None)))
    if not isinstance(node, ast.Subscript) or node.value.id != "Literal":
        return []
    listed = ast.literal_eval(node.slice)
    return list(listed) if isinstance(listed, tuple) else [listed]


def fields(annotation, before=""):
    """The fields of a request, and of the objects in it."""
    kind = getattr(types, annotation, None) if isinstance(annotation, str) else None
    found = []
    for name, one in getattr(kind, "__annotations__", {}).items():
        node = syntax(one)
        found.append({"path": before + name, "required": name in needed(kind), "words": words(node)})
        if isinstance(node, ast.Name):
            found += fields(node.id, f"{before}{name}.")
    return found


PLAIN = {"str": str, "int": int, "float": (int, float), "bool": bool}


def misfits(value, node, path):
    """Where a value is not of a type."""
    if isinstance(node, ast.BinOp):
        sides = [misfits(value, side, path) for side in (node.left, node.right)]
        return [] if [] in sides else sides[0]
    if isinstance(node, ast.Subscript) and node.value.id == "list":
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [one for at, item in enumerate(value) for one in misfits(item, node.slice, f"{path}[{at}]")]
    if isinstance(node, ast.Subscript) and node.value.id == "dict":
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        return [one for key, item in value.items() for one in misfits(item, node.slice.elts[1], f"{path}.{key}")]
    if isinstance(node, ast.Subscript):
        fits = value in words(node)
    elif isinstance(node, ast.Constant):
        fits = value is node.value
    elif node.id in PLAIN:
        fits = isinstance(value, PLAIN[node.id]) and (node.id == "bool" or not isinstance(value, bool))
    elif node.id != "Any":
        kind = getattr(types, node.id)
        if hasattr(kind, "__annotations__"):
            return misfits_of_fields(value, kind, path)
        fits = value in words(node)
    else:
        fits = True
    return [] if fits else [f"{path} is {value!r}, not {ast.unparse(node)}"]


def misfits_of_fields(value, kind, path):
    if not isinstance(value, dict):
        return [f"{path} is no {kind.__name__}"]
    found = [f"{path}.{name} is missing" for name in needed(kind) if name not in value]
    for name, item in value.items():
        annotation = kind.__annotations__.get(name)
        if annotation is None:
            found.append(f"{path}.{name} is not documented")
        else:
            found += misfits(item, syntax(annotation), f"{path}.{name}")
    return found


def misfits_of_answer(method, answer, documented=None):
    """Where an answer is not what the method is documented to return, or of the type that is named instead."""
    returned = documented or inspect.signature(getattr(claiv.client.ClaivClient, method)).return_annotation
    return misfits(answer, syntax(returned), method)


def everything():
    """All types by name: objects with their fields, and lists of words."""
    found = {}
    for name, kind in vars(types).items():
        if name.startswith("_") or getattr(kind, "__module__", None) not in (types.__name__, "typing"):
            continue
        if hasattr(kind, "__total__"):
            found[name] = [{"name": field, "required": field in needed(kind)} for field in kind.__annotations__]
        elif typing.get_args(kind):
            found[name] = list(typing.get_args(kind))
    return found
