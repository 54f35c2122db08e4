def is_there() -> bool:
    return True


class TeamSensor:
    pass
