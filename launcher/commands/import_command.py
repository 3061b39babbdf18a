"""x"""


def add_arguments(sub):
    pass


def run(args):
    return 1
