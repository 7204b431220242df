// Until the first real test is here.
