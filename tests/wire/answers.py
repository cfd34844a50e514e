"""Judges answers by the types that the Python client documents."""

import ast
import inspect
import re
import typing

import claiv.client
import claiv.types as types

PLAIN = {"str": str, "int": int, "float": (int, float), "bool": bool}


def misfits(value, node, path):
    """Where a value is not of a type, which is given as the syntax of its annotation: older Pythons cannot evaluate all of them."""
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
        words = ast.literal_eval(node.slice)
        fits = value in (words if isinstance(words, tuple) else (words,))
    elif isinstance(node, ast.Constant):
        fits = value is node.value
    elif node.id in PLAIN:
        fits = isinstance(value, PLAIN[node.id]) and (node.id == "bool" or not isinstance(value, bool))
    elif node.id != "Any":
        kind = getattr(types, node.id)
        if hasattr(kind, "__annotations__"):
            return misfits_of_fields(value, kind, path)
        fits = value in typing.get_args(kind)
    else:
        fits = True
    return [] if fits else [f"{path} is {value!r}, not {ast.unparse(node)}"]


def misfits_of_fields(value, kind, path):
    if not isinstance(value, dict):
        return [f"{path} is no {kind.__name__}"]
    # Where not all fields are required, a comment says which are.
    needed = kind.__annotations__ if kind.__total__ else re.findall(r"^ +(\w+): .*# required", inspect.getsource(kind), re.M)
    found = [f"{path}.{name} is missing" for name in needed if name not in value]
    for name, item in value.items():
        annotation = kind.__annotations__.get(name)
        if annotation is None:
            found.append(f"{path}.{name} is not documented")
        else:
            text = getattr(annotation, "__forward_arg__", annotation)
            found += misfits(item, ast.parse(text, mode="eval").body, f"{path}.{name}")
    return found


def misfits_of_answer(method, answer, documented=None):
    """Where an answer is not what the method is documented to return, or of the type that is named instead."""
    returned = documented or inspect.signature(getattr(claiv.client.ClaivClient, method)).return_annotation
    return misfits(answer, ast.parse(returned, mode="eval").body, method)
