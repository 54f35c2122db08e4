def greeting_task(python_callable=None, **kwargs):
    pass
