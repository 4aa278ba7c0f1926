import numba

from modelwatch.profiles.compiled import compiled


def test_without_a_folder_for_its_cache_a_loop_is_compiled_all_the_same(monkeypatch):
    plain = numba.njit

    def njit(*functions, **options):
        if options.get("cache"):

            def refuse(function):
                raise RuntimeError("cannot cache function: no locator available")

            return refuse
        return plain(*functions, **options)

    monkeypatch.setattr(numba, "njit", njit)

    @compiled
    def double(x: int) -> int:
        return 2 * x

    assert double(21) == 42
