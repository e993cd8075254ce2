def alone(n, seed):
    return 1
