"""Coroutines in tests: each in a thread of its own, for the browser keeps a running loop in the main one."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio

Result = TypeVar("Result")


def run_coroutine(coroutine_function: Callable[..., Awaitable[Result]], *arguments: object) -> Result:
    """What a coroutine function gives."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(anyio.run, coroutine_function, *arguments).result()
