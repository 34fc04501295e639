"""Prints a token of Negotiate in base64, for a service such as HTTP@localhost, with the tickets of KRB5CCNAME.

python3 ticket.py SERVICE
"""

import base64
import sys

import gssapi

SPNEGO = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
name = gssapi.Name(sys.argv[1], gssapi.NameType.hostbased_service)
context = gssapi.SecurityContext(name=name, mech=SPNEGO, usage="initiate")
print(base64.b64encode(context.step()).decode())
