# SPDX-License-Identifier: BSD-2-Clause
/modify_irte\(struct/,/^}/s/if \(\(irte->pst == 1\).*\{/if (0) {/
