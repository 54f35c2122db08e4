def add(a, b=0):
    return a, b


def given(execution_delta, on_failure_callback, outlets, start_date):
    return execution_delta, on_failure_callback, outlets, start_date
