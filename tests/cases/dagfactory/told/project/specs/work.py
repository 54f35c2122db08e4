def count():
    return [1, 2]


def commands():
    return ["echo one", "echo two"]


def total(values, *, start=0):
    return sum(values) + start


class Job:
    @staticmethod
    def run():
        pass
