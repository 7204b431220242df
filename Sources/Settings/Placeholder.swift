// Until the first real file is here.
