"""Runs the Python client for the tests: cases come in as lines of JSON, outcomes go out likewise.

Usage: python driver.py <folder with the package claiv>
"""

import asyncio
import functools
import inspect
import json
import ssl
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, sys.argv[1])

import claiv.client  # noqa: E402
import claiv.errors as errors  # noqa: E402
from documented import everything, fields, misfits_of_answer  # noqa: E402

# Each client would load the system's CA certificates anew, which takes longer than a case.
ssl.create_default_context = functools.lru_cache(ssl.create_default_context)

local = threading.local()
output = threading.Lock()


class Clock:
    """Stands in for `time` and `asyncio` in the client: notes what it waits, and skips it where the case says so."""

    def __init__(self, sleep):
        self.sleep = sleep


def sleep(seconds):
    local.waits.append(seconds * 1000)
    if not local.skip:
        time.sleep(seconds)


async def sleep_async(seconds):
    local.waits.append(seconds * 1000)
    if not local.skip:
        await asyncio.sleep(seconds)


claiv.client.time = Clock(sleep)
claiv.client.asyncio = Clock(sleep_async)


def revive(value):
    """JSON has no NaN; a case writes {"$float": "nan"}."""
    if isinstance(value, dict):
        return float(value["$float"]) if "$float" in value else {key: revive(one) for key, one in value.items()}
    return [revive(one) for one in value] if isinstance(value, list) else value


def shown(value):
    try:
        json.dumps(value, allow_nan=False)
        return value
    except (TypeError, ValueError):
        return {"not JSON": repr(value)}


async def call_async(case):
    async with claiv.client.AsyncClaivClient(**case["client"]) as client:
        return await getattr(client, case["method"])(*case["args"], **case["kwargs"])


def call(case):
    if case.get("async"):
        return asyncio.run(call_async(case))
    with claiv.client.ClaivClient(**case["client"]) as client:
        if case["method"] is None:
            return None
        return getattr(client, case["method"])(*case["args"], **case["kwargs"])


def made(options):
    """Whether the client's constructor takes the options."""
    try:
        claiv.client.ClaivClient(**options).close()
        return True
    except ValueError:
        return False


def outcome(case):
    try:
        return {"result": shown(call(case))}
    except errors.ClaivApiError as error:
        return {
            "error": {
                "kind": "api",
                "status": error.status,
                "code": error.code,
                "request_id": error.request_id,
                "details": shown(error.details),
                "message": str(error),
            }
        }
    except errors.ClaivTimeoutError as error:
        return {"error": {"kind": "timeout", "ms": error.timeout_seconds * 1000}}
    except errors.ClaivNetworkError:
        return {"error": {"kind": "network"}}
    except Exception as error:
        if isinstance(error, ValueError) and not made(case["client"]):
            return {"error": {"kind": "validation"}}
        return {"error": {"kind": "leak", "type": type(error).__name__}}


def methods(cls):
    """Public methods with their parameters, and the fields of those that are objects."""
    found = {}
    for name, function in inspect.getmembers(cls, inspect.isfunction):
        if not name.startswith("_"):
            parameters = list(inspect.signature(function).parameters.values())[1:]
            found[name] = [
                {
                    "name": one.name,
                    "keyword": one.kind == one.KEYWORD_ONLY,
                    "default": None if one.default is one.empty else one.default,
                    "fields": fields(one.annotation),
                }
                for one in parameters
            ]
    return found


def answer(case):
    if case["op"] == "methods":
        result = {"sync": methods(claiv.client.ClaivClient), "async": methods(claiv.client.AsyncClaivClient)}
        result["recallExtended"] = fields("V2RecallRequestExtended")
    elif case["op"] == "types":
        result = {"types": everything()}
    elif case["op"] == "misfits":
        result = {"found": misfits_of_answer(case["method"], case["answer"], case.get("type"))}
    else:
        local.waits = []
        local.skip = case.get("skipWaits", False)
        case = {**case, "args": revive(case["args"]), "kwargs": revive(case["kwargs"]), "client": revive(case["client"])}
        result = {"outcome": outcome(case), "waits": local.waits}
    with output:
        print(json.dumps({"id": case["id"], **result}), flush=True)


with ThreadPoolExecutor(16) as pool:
    for line in sys.stdin:
        pool.submit(answer, json.loads(line))
