"""What runs inside an Airflow environment to write down its operators.

The interpreter may be any that has Airflow (Python 3.10 or newer, without daggen), so this
package imports nothing but the standard library and Airflow, and itself by relative imports.
"""
