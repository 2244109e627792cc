"""What the log says of an exception: where it was raised and why, without the values of a reader."""

from api.monitoring.exceptions import describe_exception


def catch(raising: object) -> BaseException:
    try:
        raising()  # type: ignore[operator]
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError


def test_the_message_of_a_value_error_is_left_out_and_its_place_is_shown() -> None:
    def read_number() -> None:
        int("hemmelig")

    described = describe_exception(catch(read_number))
    assert "hemmelig" not in described.replace('int("hemmelig")', "")
    assert described.endswith("ValueError")
    assert "read_number" in described


def test_causes_come_first_and_those_of_the_system_keep_their_words() -> None:
    def look_up() -> None:
        words = {"a": 1}
        try:
            words["hemmelig" + "t"]
        except KeyError as error:
            raise OSError(28, "No space left on device") from error

    described = describe_exception(catch(look_up))
    assert "hemmeligt" not in described
    assert described.index("KeyError") < described.index("No space left on device")
