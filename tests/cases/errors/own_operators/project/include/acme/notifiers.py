from airflow.sdk import BaseNotifier


class PagerNotifier(BaseNotifier):
    def __init__(self, team: str, urgent: bool = False):
        super().__init__()
        self.team = team
        self.urgent = urgent

    def notify(self, context):
        pass


def tell(context, channel="#data"):
    pass
