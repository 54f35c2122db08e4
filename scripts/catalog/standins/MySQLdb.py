"""Stands in for mysqlclient, which would have to be compiled, while operators are surveyed."""

import pymysql

pymysql.install_as_MySQLdb()
