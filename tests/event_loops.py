"""Run coroutines in tests, each in a thread of its own: Playwright keeps an event loop running in the main thread."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio

Result = TypeVar("Result")


def run_in_thread(function: Callable[..., Result], *arguments: object) -> Result:
    """Call a function that runs an event loop, such as a command, and return its result."""
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(function, *arguments).result()


def run_coroutine(coroutine_function: Callable[..., Awaitable[Result]], *arguments: object) -> Result:
    """Call the coroutine function with the arguments in a new event loop and return its result."""
    return run_in_thread(anyio.run, coroutine_function, *arguments)
